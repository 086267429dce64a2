//! Answers the event itself; what the benchmark asks of a handler in every language.

use std::time::SystemTime;

use lambda_runtime::{run_concurrent, service_fn, Error, LambdaEvent};
use serde_json::Value;

fn main() -> Result<(), Error> {
    let logging = std::env::var("BENCH_LOG").is_ok_and(|value| value == "1");
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(run_concurrent(service_fn(move |event| echo(event, logging))))
}

async fn echo(event: LambdaEvent<Value>, logging: bool) -> Result<Value, Error> {
    let id = &event.context.request_id;
    let remaining = event.context.deadline().duration_since(SystemTime::now());
    if id.is_empty() || remaining.is_err() {
        return Err("cannot read the context: request id or remaining time is missing".into());
    }
    if logging {
        println!("handled {id}");
    }
    Ok(event.payload)
}
