// The pop-up's last page: tells the page that waits which sign-in has an outcome, then closes the window.
const { attempt } = document.body.dataset;
if (attempt) {
  const channel = new BroadcastChannel("patchbay-oauth");
  channel.postMessage({ attempt });
  setTimeout(() => {
    channel.close();
    window.close();
  }, 700);
}
