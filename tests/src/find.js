// Finds elements by role and accessible name. Called with one query: see locate.rs.
const SELECTORS = {
  alert: '[role=alert]',
  alertdialog: '[role=alertdialog]',
  button: 'button, [role=button], input[type=button], input[type=submit], summary',
  checkbox: 'input[type=checkbox]:not([role]), [role=checkbox]',
  combobox: 'select:not([multiple]), [role=combobox]',
  dialog: 'dialog[open], [role=dialog]',
  form: 'form, [role=form]',
  group: 'fieldset, [role=group]',
  heading: 'h1, h2, h3, h4, h5, h6, [role=heading]',
  link: 'a[href], [role=link]',
  list: 'ul, ol, [role=list]',
  listbox: '[role=listbox], select[multiple]',
  listitem: 'li, [role=listitem]',
  main: 'main, [role=main]',
  navigation: 'nav, [role=navigation]',
  option: 'option, [role=option]',
  radio: 'input[type=radio], [role=radio]',
  region: 'section[aria-label], section[aria-labelledby], [role=region]',
  row: 'tr, [role=row]',
  switch: '[role=switch]',
  table: 'table, [role=table]',
  textbox: 'textarea, [role=textbox], input:not([type]), input[type=text], input[type=email], '
    + 'input[type=password], input[type=url], input[type=tel], input[type=number]',
};
// Roles whose name is what they contain; the others are named by an attribute or a label only.
const NAMED_BY_CONTENT = ['button', 'cell', 'checkbox', 'columnheader', 'gridcell', 'heading', 'link',
  'menuitem', 'menuitemradio', 'menuitemcheckbox', 'option', 'radio', 'row', 'switch', 'tab', 'treeitem',
  'listitem', 'alert', 'status'];

const squeeze = (text) => (text ?? '').replace(/\s+/g, ' ').trim();

function textOf(element) {
  let text = '';
  for (const node of element.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) text += node.textContent;
    else if (node.nodeType === Node.ELEMENT_NODE && node.getAttribute('aria-hidden') !== 'true') {
      text += node.getAttribute('aria-label') ?? node.getAttribute('alt') ?? textOf(node);
    }
  }
  return text;
}

function byLabel(element) {
  const ids = element.getAttribute('aria-labelledby');
  if (ids) {
    return ids.split(/\s+/).map((id) => element.ownerDocument.getElementById(id))
      .filter(Boolean).map(textOf).join(' ');
  }
  if (element.getAttribute('aria-label')) return element.getAttribute('aria-label');
  if (element.labels?.length) return [...element.labels].map(textOf).join(' ');
  return null;
}

function nameOf(element, role) {
  const label = byLabel(element);
  if (label !== null) return squeeze(label);
  if (element.tagName === 'INPUT' && ['button', 'submit'].includes(element.type)) {
    return squeeze(element.value);
  }
  if (element.tagName === 'FIELDSET') return squeeze(element.querySelector('legend')?.textContent);
  const content = NAMED_BY_CONTENT.includes(role) ? squeeze(textOf(element)) : '';
  return content || squeeze(element.getAttribute('title') ?? element.getAttribute('placeholder'));
}

function visible(element) {
  return element.checkVisibility({ opacityProperty: false, visibilityProperty: true })
    && element.getClientRects().length > 0;
}

function find(query) {
  const roots = query.inside ? find(query.inside) : [document];
  // A required mark after a label is decoration.
  const plain = (name) => name.replace(/\s*\*$/, '');
  const fits = (name, wanted) => wanted === '' || name === wanted || plain(name) === wanted
    || (query.partly && name.includes(wanted));
  let found = [];
  for (const root of roots) {
    if (query.css) found.push(...root.querySelectorAll(query.css));
    if (query.role) {
      const selector = SELECTORS[query.role] ?? `[role=${query.role}]`;
      const all = [...root.querySelectorAll(selector)].filter((element) => {
        const given = element.getAttribute('role');
        return !given || given === query.role;
      });
      found.push(...all.filter((element) => fits(nameOf(element, query.role), query.name)));
    }
    if (query.field) {
      const all = [...root.querySelectorAll(
        'input, select, textarea, [contenteditable=true], [role=textbox], [role=combobox], [role=switch], [role=checkbox]')];
      found.push(...all.filter((element) => fits(nameOf(element, 'field'), query.field)));
    }
    if (query.text) {
      const all = [...root.querySelectorAll('*')].filter((element) => fits(squeeze(element.textContent), query.text));
      found.push(...all.filter((element) => !all.some((other) => other !== element && element.contains(other))));
    }
  }
  found = [...new Set(found)];
  if (!query.hidden) found = found.filter(visible);
  return query.nth === undefined ? found : found.slice(query.nth, query.nth + 1);
}
return find(arguments[0]);
