<?php

// The kit's handler for the PHP host: what it does, an event says in "action"; all else is answered as it is.

declare(strict_types=1);

use Pilotlight\Context;
use Pilotlight\StreamedResult;

if (getenv('CONFORMANCE_INIT') === 'throw') {
    throw new RangeException('init failed on purpose: grüße 🔥');
}
if (getenv('CONFORMANCE_INIT') === 'exit') {
    exit(7);
}
if (getenv('CONFORMANCE_HOOK') === 'shutdown') {
    Pilotlight\onShutdown(static fn () => print "the hook has run\n");
}
if (getenv('CONFORMANCE_SNAPSHOT') !== false) {
    foreach ([1, 2] as $at) {
        Pilotlight\beforeSnapshot(hook('before', $at));
        Pilotlight\afterRestore(hook('after', $at));
    }
}

function hook(string $side, int $at): Closure
{
    return static function () use ($side, $at): void {
        if (getenv('CONFORMANCE_SNAPSHOT') === "$side fails") {
            throw new TypeError("$side fails on purpose");
        }
        echo "$side $at\n";
    };
}

// The type has the host hand over objects: of an empty one an array would come back as a list.
function handler(object|array|string|int|float|bool|null $event, Context $context): mixed
{
    $action = is_object($event) ? $event->action ?? null : null;
    return match ($action) {
        'throw' => throw new TypeError($event->message),
        'exit' => exit($event->code),
        'kill' => exec('kill -KILL ' . getmypid()),
        'wait' => waitForFile($event->path, $event->value ?? null),
        'context' => readContext($context),
        'env' => readVariables($event->names),
        'folder' => getcwd(),
        'log' => writeLines($event),
        'large' => str_repeat('x', $event->bytes - 2),
        'unwritable' => NAN,
        'nothing' => null,
        'count' => counted(),
        default => $event,
    };
}

function waitForFile(string $path, mixed $value): mixed
{
    while (!file_exists($path)) {
        clearstatcache();
        usleep(5_000);
    }
    return $value;
}

function readContext(Context $context): array
{
    return [
        'requestId' => $context->awsRequestId,
        'functionArn' => $context->invokedFunctionArn,
        'functionName' => $context->functionName,
        'functionVersion' => $context->functionVersion,
        'memoryMiB' => (int) $context->memoryLimitInMB,
        'remainingMs' => $context->getRemainingTimeInMillis(),
        'clientContext' => $context->clientContext,
        'identity' => $context->identity,
        'tenantId' => $context->tenantId,
    ];
}

function readVariables(array $names): object
{
    $value = static fn (string $name): ?string => ($found = getenv($name)) === false ? null : $found;
    return (object) array_combine($names, array_map($value, $names));
}

function writeLines(object $event): void
{
    foreach ($event->lines as $line) {
        Pilotlight\log($event->level ?? 'info', $line);
    }
    if (isset($event->code)) {
        exit($event->code);
    }
}

function counted(): int
{
    static $count = 0;
    return ++$count;
}

function stream(object $event): StreamedResult
{
    if (isset($event->http)) {
        $http = $event->http;
        return StreamedResult::http(
            parts($event),
            $http->statusCode,
            (array) ($http->headers ?? []),
            $http->cookies ?? [],
        );
    }
    return new StreamedResult(parts($event), $event->contentType ?? 'application/octet-stream');
}

function parts(object $event): Generator
{
    if (isset($event->failBefore)) {
        throw new TypeError($event->failBefore);
    }
    foreach ($event->parts ?? [] as $index => $part) {
        if ($index === 1 && isset($event->waitFor)) {
            waitForFile($event->waitFor, null);
        }
        yield $part;
    }
    for ($left = $event->bytes ?? 0; $left > 0; $left -= 65_536) {
        yield str_repeat('x', min(65_536, $left));
    }
    if (isset($event->failAfter)) {
        throw new TypeError($event->failAfter);
    }
}
