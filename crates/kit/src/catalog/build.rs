//! From a folder's texts to a spec and a plan.

use super::{ConnectorPlan, Source, entry::Entry, schema, shapes::Shapes, sound};
use crate::manifest::{
    self,
    connector::{Connector, Method, Service},
    example::Example,
    operation::Operation,
    problem::ManifestError,
};
use patchbay_model::spec::{
    AuthenticationMethod, ConnectorSpec, MethodKind, OperationExample, OperationSpec, ScopeSpec,
    ServiceSpec, StepKind,
};

/// One operation on its way from text to spec.
pub(super) struct Draft<'a> {
    /// The file's name without folder and ending.
    pub(super) name: String,
    pub(super) is_trigger: bool,
    /// As errors show it.
    pub(super) file: String,
    pub(super) text: &'a str,
    pub(super) operation: Operation,
}

pub(super) fn connector(
    source: &Source,
    thoroughly: bool,
) -> Result<(ConnectorSpec, ConnectorPlan), Vec<ManifestError>> {
    let shown = |path: &str| format!("{}/{path}", source.name);
    let text_of = |wanted: &str| {
        source
            .files
            .iter()
            .find(|(path, _)| path == wanted)
            .map(|(_, text)| text.as_ref())
    };
    let mut problems = Vec::new();

    let Some(text) = text_of("connector.toml") else {
        return Err(vec![ManifestError::new(
            shown("connector.toml"),
            "there is no connector.toml in this folder",
        )]);
    };
    let connector = take(
        &mut problems,
        manifest::read::<Connector>(&shown("connector.toml"), text),
    )
    .unwrap_or_default();
    let mut shapes = Shapes::default();
    let mut entries = Vec::new();
    for (path, text) in &source.files {
        let shape = path.strip_prefix("shapes/");
        if let Some(name) = shape.and_then(|rest| rest.strip_suffix(".toml")) {
            shapes.add(name, shown(path), text.clone());
        }
        entries.extend(Entry::of(&source.name, path, text.clone()));
    }
    let icon = text_of("icon.svg").unwrap_or_default();
    if thoroughly {
        problems.extend(shapes.problems());
        let read = entries.iter().map(|entry| entry.draft(&shapes));
        let read: Vec<_> = read.collect();
        let drafts: Vec<_> = read
            .into_iter()
            .filter_map(|read| take(&mut problems, read))
            .collect();
        if problems.is_empty() {
            sound::check(source, &connector, &drafts, icon, &mut problems);
        }
    }
    let heads: Vec<Operation> = entries
        .iter()
        .filter_map(|entry| take(&mut problems, entry.head()))
        .collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(assemble(source, connector, shapes, entries, heads, icon))
}

fn take<T>(problems: &mut Vec<ManifestError>, read: Result<T, ManifestError>) -> Option<T> {
    read.map_err(|problem| problems.push(problem)).ok()
}

fn assemble(
    source: &Source,
    connector: Connector,
    shapes: Shapes,
    entries: Vec<Entry>,
    heads: Vec<Operation>,
    icon: &str,
) -> (ConnectorSpec, ConnectorPlan) {
    let mut spec = ConnectorSpec {
        name: source.name.to_string(),
        title: connector.title.clone(),
        version: connector.version.clone(),
        summary: connector.summary.clone(),
        categories: connector
            .categories
            .iter()
            .map(|category| category.as_str().to_owned())
            .collect(),
        icon: icon.trim().to_owned(),
        service: connector.service.as_ref().map(service),
        operations: Vec::new(),
        triggers: Vec::new(),
    };
    for (entry, head) in entries.iter().zip(&heads) {
        let list = if entry.is_trigger {
            &mut spec.triggers
        } else {
            &mut spec.operations
        };
        list.push(operation(&entry.name, head, connector.service.is_some()));
    }
    spec.operations.sort_by(|left, right| {
        left.hidden
            .cmp(&right.hidden)
            .then_with(|| left.title.cmp(&right.title))
    });
    spec.triggers
        .sort_by(|left, right| left.title.cmp(&right.title));
    (
        spec,
        ConnectorPlan {
            manifest: connector,
            shapes,
            entries: entries
                .into_iter()
                .map(|entry| (entry.name.clone(), entry))
                .collect(),
            hooks: source.hooks.clone(),
        },
    )
}

pub(super) fn operation(name: &str, operation: &Operation, has_service: bool) -> OperationSpec {
    let kind = match (operation.starts, operation.control) {
        (Some(_), _) => StepKind::Trigger,
        (None, Some(control)) => control,
        (None, None) => StepKind::Call,
    };
    let by_method = operation.request.as_ref().is_some_and(|request| {
        matches!(
            request.method,
            http::Method::GET | http::Method::HEAD | http::Method::PUT | http::Method::DELETE
        )
    });
    let only_looks = operation
        .request
        .as_ref()
        .is_some_and(|request| matches!(request.method, http::Method::GET | http::Method::HEAD));
    let paging = operation.paging.as_ref();
    let mut spec = OperationSpec {
        name: name.to_owned(),
        title: operation.title.clone(),
        summary: operation.summary.clone(),
        group: operation.group.clone(),
        operation_id: operation.operation_id.clone(),
        kind,
        scopes: operation.scopes.clone(),
        needs_authentication: operation
            .needs_authentication
            .unwrap_or(has_service && kind == StepKind::Call),
        repeatable: operation
            .repeatable
            .unwrap_or(by_method || !(kind.is_call() || kind == StepKind::Trigger)),
        reads: operation
            .reads
            .unwrap_or(only_looks || (operation.hook && !has_service)),
        irreversible: operation.irreversible,
        deprecated: operation.deprecated,
        hidden: operation.hidden,
        keywords: operation.keywords.clone(),
        inputs: schema::inputs(&operation.input, paging),
        output: schema::output(operation.output.as_ref(), paging),
        examples: operation.example.iter().map(example).collect(),
    };
    if let Some(subscription) = &operation.subscription {
        super::trigger::extend(&mut spec, subscription);
    }
    spec
}

fn example(example: &Example) -> OperationExample {
    OperationExample {
        title: example.title.clone(),
        inputs: example.inputs.clone(),
        output: example.output.clone(),
        error: example.error.as_ref().map(|error| error.code.clone()),
    }
}

fn service(service: &Service) -> ServiceSpec {
    let mut methods = Vec::new();
    if let Some(oauth2) = &service.oauth2 {
        let (title, help) = (oauth2.title.clone(), oauth2.help.clone());
        methods.push(AuthenticationMethod {
            kind: MethodKind::Oauth2,
            title,
            help,
        });
    }
    let others = [
        (MethodKind::Jwt, &service.jwt),
        (MethodKind::Token, &service.token),
        (MethodKind::Basic, &service.basic),
    ];
    for (kind, method) in others {
        if let Some(Method { title, help }) = method {
            methods.push(AuthenticationMethod {
                kind,
                title: title.clone(),
                help: help.clone(),
            });
        }
    }
    let scopes = service.scope.iter().map(|scope| ScopeSpec {
        name: scope.name.clone(),
        title: scope.title.clone(),
        description: scope.description.clone(),
        group: scope.group.clone(),
        includes: scope.includes.clone(),
        instead_of: scope.instead_of.clone(),
        on_request: scope.on_request,
        default: scope.default,
    });
    ServiceSpec {
        name: service.name.clone(),
        title: service.title.clone(),
        methods,
        scopes: scopes.collect(),
        custom_base_url: service.custom_base_url,
    }
}
