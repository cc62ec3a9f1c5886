//! A small HTTP service that decides: read-only, one rule set, read anew when its file changes.
//!
//! It never serves a rule set that is not whole and verified: a new one is read, checked and made ready
//! beside the one in use, and takes its place at once or not at all. Every client is bounded: in the size of
//! its headers and bodies, in the time it takes, and in how many of them there are.

mod answer;
mod metrics;
mod reload;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;

use answer::{MAX_HEAD, Service};

/// How long a client may take for the head of a request, and stay idle between two.
const HEAD: Duration = Duration::from_secs(5);
/// How long a connection is kept at most.
const LIFE: Duration = Duration::from_secs(300);
/// How long requests that are under way may take once the service stops, or a connection has had its time.
const GRACE: Duration = Duration::from_secs(5);

/// What is served, and where.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file of the rule set.
    pub rules: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The most connections at a time, at least one; further ones wait.
    pub connections: u32,
}

/// What the service tells whoever runs it: a line each.
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// Serves until it is asked to stop (SIGTERM, or an interrupt), and then ends what is under way.
///
/// # Errors
///
/// When the rule set cannot be served, or the address cannot be listened on.
pub fn serve(config: &Config, log: Log) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("the service cannot start: {error}"))?;
    let ready = reload::load(&config.rules)?;
    runtime.block_on(async {
        let listener = TcpListener::bind(config.listen)
            .await
            .map_err(|error| format!("cannot listen on {}: {error}", config.listen))?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        log(&format!("serving {} on http://{address}", ready.words()));
        let service = Arc::new(Service::new(ready));
        let (stop, stopped) = watch::channel(false);
        let watcher =
            reload::watch(config.rules.clone(), service.clone(), log.clone(), stopped.clone());
        let watcher = tokio::spawn(watcher);
        let accepting = accept(listener, config.connections, service.clone(), log.clone(), stopped);
        let accepting = tokio::spawn(accepting);
        asked_to_stop().await;
        log("stopping");
        service.stop();
        // Whoever listens is gone only when every task is.
        let _ = stop.send(true);
        let _ = accepting.await;
        // It may be reading a large file, or one that is far away.
        let _ = timeout(GRACE, watcher).await;
        log("stopped");
        Ok::<(), String>(())
    })?;
    runtime.shutdown_background();
    Ok(())
}

#[cfg(unix)]
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() {
    let _ = tokio::signal::ctrl_c().await;
}

/// Takes connections until stopped, then waits for those that are under way.
async fn accept(
    listener: TcpListener,
    most: u32,
    service: Arc<Service>,
    log: Log,
    mut stopped: watch::Receiver<bool>,
) {
    let most = most.max(1);
    let places = Arc::new(Semaphore::new(most as usize));
    loop {
        let place = tokio::select! {
            place = places.clone().acquire_owned() => place,
            _ = stopped.changed() => break,
        };
        let Ok(place) = place else { return };
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Out of file handles, or the client has gone already.
                    refused(&error, &log).await;
                    continue;
                }
            },
            _ = stopped.changed() => break,
        };
        let (service, stopped) = (service.clone(), stopped.clone());
        tokio::spawn(async move {
            service.metrics.connected(1);
            connection(stream, &service, stopped).await;
            service.metrics.connected(-1);
            drop(place);
        });
    }
    let _ = timeout(GRACE * 2, places.acquire_many(most)).await;
}

async fn refused(error: &io::Error, log: &Log) {
    let gone = [io::ErrorKind::ConnectionAborted, io::ErrorKind::ConnectionReset];
    if !gone.contains(&error.kind()) {
        log(&format!("no connection can be taken: {error}"));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// One connection, until the client ends it, takes too long, or the service stops.
async fn connection(stream: TcpStream, service: &Arc<Service>, mut stopped: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    let answer = service_fn(|request| {
        let service = service.clone();
        async move { service.answer(request).await }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), answer);
    let mut connection = pin!(connection);
    tokio::select! {
        // What a client does wrong ends its own connection, and is nobody else's matter.
        _ = connection.as_mut() => return,
        _ = stopped.changed() => {}
        () = tokio::time::sleep(LIFE) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = timeout(GRACE, connection).await;
}
