<?php
// A runtime as AWS's guide to custom runtimes describes it, in one PHP process: the function's file is loaded once, then
// each event is decoded, handled and answered over one connection that stays open.
declare(strict_types=1);

// A warning is an error: as a line of text nobody would read it.
set_error_handler(fn (int $level, string $message, string $file, int $line) =>
    throw new ErrorException($message, 0, $level, $file, $line));

$runtime = 'http://' . getenv('AWS_LAMBDA_RUNTIME_API') . '/2018-06-01/runtime';
$curl = curl_init();

/** Sends a request: status, headers with names in lower case, body. */
function send(string $url, ?string $body = null, array $lines = []): array
{
    global $curl;
    $headers = [];
    curl_reset($curl);
    curl_setopt_array($curl, [
        CURLOPT_URL => $url,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_USERAGENT => 'aws-lambda-php-loop/1.0',
        CURLOPT_HEADERFUNCTION => function ($curl, string $line) use (&$headers): int {
            if (!str_contains($line, ':')) return strlen($line);
            [$name, $value] = explode(':', $line, 2);
            $headers[strtolower($name)] = trim($value, " \t\r\n");
            return strlen($line);
        },
    ]);
    if ($body !== null) {
        // Without Expect, which would wait for a "100 Continue".
        curl_setopt($curl, CURLOPT_HTTPHEADER, ['Content-Type: application/json', 'Expect:', ...$lines]);
        curl_setopt($curl, CURLOPT_POSTFIELDS, $body);
    }
    $answer = curl_exec($curl);
    if ($answer === false) throw new RuntimeException("Cannot reach $url: " . curl_error($curl));
    return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $headers, $answer];
}

function encode(mixed $value): string
{
    return json_encode($value, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
}

/** Posts a result or an error; a Runtime API that fails itself is left, as the guide wants it. */
function post(string $url, string $body, array $lines = []): void
{
    [$status] = send($url, $body, $lines);
    if ($status >= 500) throw new RuntimeException("$url was answered with $status");
    if ($status >= 300) fwrite(STDERR, "$url was refused with $status\n");
}

function postError(string $url, Throwable $error): void
{
    $body = [
        'errorType' => $error::class,
        'errorMessage' => $error->getMessage(),
        'stackTrace' => explode("\n", $error->getTraceAsString()),
    ];
    post($url, encode($body), ['Lambda-Runtime-Function-Error-Type: Function.' . (new ReflectionClass($error))->getShortName()]);
}

function contextOf(array $headers): array
{
    $deadlineMs = (int) $headers['lambda-runtime-deadline-ms'];
    return [
        'requestId' => $headers['lambda-runtime-aws-request-id'],
        'functionArn' => $headers['lambda-runtime-invoked-function-arn'],
        'remainingMs' => fn (): int => $deadlineMs - (int) (microtime(true) * 1000),
        'clientContext' => json_decode($headers['lambda-runtime-client-context'] ?? 'null'),
        'identity' => json_decode($headers['lambda-runtime-cognito-identity'] ?? 'null'),
        'tenantId' => $headers['lambda-runtime-aws-tenant-id'] ?? null,
    ];
}

try {
    [$file, $handler] = explode('.', getenv('_HANDLER'), 2);
    require getenv('LAMBDA_TASK_ROOT') . "/$file.php";
    if (!function_exists($handler)) throw new RuntimeException("Function \"$handler\" is not in $file.php");
} catch (Throwable $error) {
    postError("$runtime/init/error", $error);
    exit(1);
}

while (true) {
    [$status, $headers, $body] = send("$runtime/invocation/next");
    $id = $headers['lambda-runtime-aws-request-id'] ?? null;
    if ($status !== 200 || $id === null) throw new RuntimeException("The poll was answered with $status");
    $trace = $headers['lambda-runtime-trace-id'] ?? null;
    putenv($trace === null ? '_X_AMZN_TRACE_ID' : "_X_AMZN_TRACE_ID=$trace");
    try {
        // Objects, not arrays: an empty one would come back as a list.
        $result = encode($handler(json_decode($body, false, 512, JSON_THROW_ON_ERROR), contextOf($headers)));
    } catch (Throwable $error) {
        postError("$runtime/invocation/$id/error", $error);
        continue;
    }
    post("$runtime/invocation/$id/response", $result);
}
