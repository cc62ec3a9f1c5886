//! What is asked, and what is answered.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use rbp_ruleset::decide::{Problem, ProblemSort, read_facts};
use tokio::time::timeout;

use crate::metrics::Metrics;
use crate::reload::Ready;

/// The largest head of a request that is answered. The connection may have read somewhat more of it by then.
pub(crate) const MAX_HEAD: usize = 64 * 1024;
/// The largest body that is read.
const MAX_BODY: usize = 1 << 20;
/// How long a client may take for a body.
const BODY: Duration = Duration::from_secs(10);

const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";
const PROMETHEUS: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The rule set in use, and what is counted.
pub(crate) struct Service {
    ready: RwLock<Arc<Ready>>,
    stopping: AtomicBool,
    pub metrics: Metrics,
}

type Answer = Response<Full<Bytes>>;

impl Service {
    pub fn new(ready: Ready) -> Service {
        Service {
            ready: RwLock::new(Arc::new(ready)),
            stopping: AtomicBool::new(false),
            metrics: Metrics::default(),
        }
    }

    /// The rule set in use. Who holds it goes on with it while another takes its place.
    pub fn ready(&self) -> Arc<Ready> {
        self.ready.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts another rule set in its place.
    pub fn replace(&self, ready: Ready) {
        let ready = Arc::new(ready);
        *self.ready.write().unwrap_or_else(PoisonError::into_inner) = ready;
        self.metrics.reloaded(true);
    }

    /// Notes that the file has changed and cannot be served.
    pub fn kept(&self) {
        self.metrics.reloaded(false);
    }

    /// From now on it is not ready for more.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    pub async fn answer(&self, request: Request<Incoming>) -> Result<Answer, Infallible> {
        let started = Instant::now();
        if head(&request) > MAX_HEAD {
            let words = format!(
                "the head of the request has more than {MAX_HEAD} bytes, the most that is read\n"
            );
            let answer = close(text(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, TEXT, words));
            self.metrics.answered("other", answer.status(), started.elapsed());
            return Ok(answer);
        }
        let path = request.uri().path();
        let (known, answer) = match (path, request.method()) {
            ("/decide", &Method::POST) => ("/decide", self.decide(request).await),
            ("/health", &Method::GET) => ("/health", text(StatusCode::OK, TEXT, "ok\n")),
            ("/ready", &Method::GET) => ("/ready", self.is_ready()),
            ("/ruleset", &Method::GET) => {
                ("/ruleset", text(StatusCode::OK, JSON, self.ready().identity.clone()))
            }
            ("/metrics", &Method::GET) => {
                ("/metrics", text(StatusCode::OK, PROMETHEUS, self.metrics.text(&self.ready())))
            }
            ("/decide", _) => ("/decide", wrong_method("POST")),
            ("/health" | "/ready" | "/ruleset" | "/metrics", _) => ("other", wrong_method("GET")),
            _ => (
                "other",
                text(StatusCode::NOT_FOUND, TEXT, "nothing is here; POST /decide decides\n"),
            ),
        };
        self.metrics.answered(known, answer.status(), started.elapsed());
        Ok(answer)
    }

    fn is_ready(&self) -> Answer {
        match self.stopping.load(Ordering::Relaxed) {
            false => text(StatusCode::OK, TEXT, "ready\n"),
            true => text(StatusCode::SERVICE_UNAVAILABLE, TEXT, "stopping\n"),
        }
    }

    async fn decide(&self, request: Request<Incoming>) -> Answer {
        let body = match timeout(BODY, Limited::new(request.into_body(), MAX_BODY).collect()).await
        {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                let words =
                    format!("the body has more than {MAX_BODY} bytes, the most that is read");
                return close(problem(StatusCode::PAYLOAD_TOO_LARGE, &words));
            }
            Ok(Err(error)) => return close(problem(StatusCode::BAD_REQUEST, &error.to_string())),
            Err(_) => return close(problem(StatusCode::REQUEST_TIMEOUT, "the body took too long")),
        };
        let facts = match read_facts(&body) {
            Ok(facts) => facts,
            Err(error) => return problem(StatusCode::BAD_REQUEST, &error.to_string()),
        };
        let ready = self.ready();
        let started = Instant::now();
        let decided = ready.decider.decide(&facts);
        self.metrics.decided(decided.is_ok(), started.elapsed());
        match decided {
            Ok(decision) => json(StatusCode::OK, &decision),
            Err(problems) => {
                json(StatusCode::BAD_REQUEST, &serde_json::json!({ "problems": problems }))
            }
        }
    }
}

/// How many bytes the head of a request has, its line ends and what separates its parts included.
fn head(request: &Request<Incoming>) -> usize {
    let line =
        request.method().as_str().len() + request.uri().to_string().len() + "  HTTP/1.1\r\n".len();
    let fields = request
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + ": ".len() + value.len() + "\r\n".len());
    line + fields.sum::<usize>() + "\r\n".len()
}

fn text(status: StatusCode, sort: &'static str, text: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(text.into()));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(sort));
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

fn json<T: serde::Serialize>(status: StatusCode, value: &T) -> Answer {
    match serde_json::to_vec(value) {
        Ok(bytes) => text(status, JSON, bytes),
        Err(error) => text(StatusCode::INTERNAL_SERVER_ERROR, TEXT, error.to_string()),
    }
}

/// Facts that cannot be read are told in the form in which wrong facts are.
fn problem(status: StatusCode, words: &str) -> Answer {
    let problem =
        Problem { at: String::new(), problem: ProblemSort::Malformed, given: words.to_owned() };
    json(status, &serde_json::json!({ "problems": [problem] }))
}

fn wrong_method(allowed: &'static str) -> Answer {
    let mut answer = text(StatusCode::METHOD_NOT_ALLOWED, TEXT, format!("use {allowed}\n"));
    answer.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    answer
}

/// The connection ends with this answer: what is left of the body is not read.
fn close(mut answer: Answer) -> Answer {
    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    answer
}
