//! The kit's handler: what it does, an event says in "action"; all else is answered as it is.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use lambda_runtime::streaming::{channel, Body};
use lambda_runtime::{
    run_concurrent, service_fn, Context, Error, FunctionResponse, LambdaEvent, MetadataPrelude,
    StreamResponse,
};
use serde_json::{json, Value};

static COUNT: AtomicU64 = AtomicU64::new(0);

type Answer = FunctionResponse<Value, Body>;

fn main() -> Result<(), Error> {
    let is_stream = std::env::var("_HANDLER").is_ok_and(|name| name.ends_with(".stream"));
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(run_concurrent(service_fn(move |event| serve(event, is_stream))))
}

async fn serve(event: LambdaEvent<Value>, is_stream: bool) -> Result<Answer, Error> {
    if is_stream {
        return stream(event.payload);
    }
    handle(event).await.map(FunctionResponse::BufferedResponse)
}

async fn until_file(path: &str) {
    while !Path::new(path).exists() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn text<'a>(event: &'a Value, name: &str) -> &'a str {
    event[name].as_str().unwrap_or_default()
}

fn read_context(context: &Context) -> Value {
    let now = SystemTime::now();
    let remaining = context.deadline().duration_since(now).unwrap_or_default();
    json!({
        "requestId": context.request_id,
        "functionArn": context.invoked_function_arn,
        "functionName": context.env_config.function_name,
        "functionVersion": context.env_config.version,
        "memoryMiB": context.env_config.memory,
        "remainingMs": remaining.as_millis() as u64,
        "clientContext": context.client_context,
        "identity": context.identity,
        "tenantId": context.tenant_id,
    })
}

async fn handle(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let LambdaEvent { payload, context } = event;
    Ok(match text(&payload, "action") {
        "throw" => return Err(text(&payload, "message").into()),
        "exit" => std::process::exit(payload["code"].as_i64().unwrap_or(1) as i32),
        "kill" => std::process::abort(),
        "wait" => {
            until_file(text(&payload, "path")).await;
            payload["value"].clone()
        }
        "context" => read_context(&context),
        "env" => {
            let names = payload["names"].as_array().cloned().unwrap_or_default();
            let values: HashMap<String, Option<String>> = names
                .iter()
                .filter_map(Value::as_str)
                .map(|name| (name.to_owned(), std::env::var(name).ok()))
                .collect();
            json!(values)
        }
        "log" => {
            if !text(&payload, "path").is_empty() {
                until_file(text(&payload, "path")).await;
            }
            for line in payload["lines"].as_array().into_iter().flatten() {
                println!("{}", line.as_str().unwrap_or_default());
            }
            if let Some(code) = payload["code"].as_i64() {
                std::process::exit(code as i32);
            }
            Value::Null
        }
        "large" => json!("x".repeat(payload["bytes"].as_u64().unwrap_or(2) as usize - 2)),
        "count" => json!(COUNT.fetch_add(1, Ordering::Relaxed) + 1),
        _ => payload,
    })
}

fn prelude_of(http: &Value) -> MetadataPrelude {
    let mut prelude = MetadataPrelude::default();
    if let Some(code) = http["statusCode"].as_u64() {
        prelude.status_code = (code as u16).try_into().unwrap_or_default();
    }
    let cookies = http["cookies"].as_array().cloned().unwrap_or_default();
    prelude.cookies = cookies.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    prelude
}

fn stream(event: Value) -> Result<Answer, Error> {
    let failure = text(&event, "failBefore");
    if !failure.is_empty() {
        return Err(failure.into());
    }
    let metadata_prelude = prelude_of(&event["http"]);
    let (mut to, from) = channel();
    tokio::spawn(async move {
        let parts = event["parts"].as_array().cloned().unwrap_or_default();
        for (index, part) in parts.iter().filter_map(Value::as_str).enumerate() {
            if index == 1 && !text(&event, "waitFor").is_empty() {
                until_file(text(&event, "waitFor")).await;
            }
            let _ = to.send_data(part.to_owned().into()).await;
        }
        for _ in 0..event["bytes"].as_u64().unwrap_or(0) / 8_000 {
            let _ = to.send_data("x".repeat(8_000).into()).await;
        }
        if !text(&event, "failAfter").is_empty() {
            to.abort();
        }
    });
    Ok(FunctionResponse::StreamingResponse(StreamResponse { metadata_prelude, stream: from }))
}
