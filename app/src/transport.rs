//! The client's transport in the browser: `fetch`, with the session cookie.

use patchbay_api::transport::{Answer, Request, Response, Transport, TransportError};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestCredentials, RequestInit, js_sys};

/// Browsers send up to 64 KiB for a page that is gone.
const OUTLIVES: usize = 60_000;

/// Sends requests by `fetch`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fetch;

impl Transport for Fetch {
    fn send(&self, request: Request) -> Answer<'_> {
        // A browser's page has one thread: what must be `Send` never moves.
        Box::pin(SendWrapper::new(async move {
            fetch(request).await.map_err(|error| said(&error))
        }))
    }
}

async fn fetch(request: Request) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    for (name, value) in &request.headers {
        headers.set(name, value)?;
    }
    let init = RequestInit::new();
    init.set_method(request.method);
    init.set_credentials(RequestCredentials::SameOrigin);
    if request.method != "GET"
        && request
            .body
            .as_ref()
            .is_none_or(|body| body.len() < OUTLIVES)
    {
        // What a person did last is sent although they leave the page. The browser knows the word, web-sys does not.
        let _ = js_sys::Reflect::set(&init, &"keepalive".into(), &JsValue::TRUE);
    }
    if let Some(body) = request.body {
        headers.set("content-type", "application/json")?;
        init.set_body(&js_sys::Uint8Array::from(body.as_slice()));
    }
    init.set_headers(&headers);
    let window = web_sys::window().ok_or_else(|| JsValue::from_str("there is no window"))?;
    let response = JsFuture::from(window.fetch_with_str_and_init(&request.path, &init)).await?;
    let response: web_sys::Response = response.dyn_into()?;
    let body = JsFuture::from(response.array_buffer()?).await?;
    Ok(Response {
        status: response.status(),
        body: js_sys::Uint8Array::new(&body).to_vec(),
    })
}

fn said(error: &JsValue) -> TransportError {
    let message = js_sys::Reflect::get(error, &JsValue::from_str("message"))
        .ok()
        .and_then(|text| text.as_string());
    TransportError(
        message
            .or_else(|| error.as_string())
            .unwrap_or_else(|| "the connection broke off".to_owned()),
    )
}
