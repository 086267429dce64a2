<?php
// The kit's handler: what it does, an event says in "action"; all else is answered as it is.

if (getenv('CONFORMANCE_INIT') === 'throw') throw new RangeException('init failed on purpose: grüße 🔥');
if (getenv('CONFORMANCE_INIT') === 'exit') exit(7);

const ACTIONS = [
    'throw' => 'fail',
    'exit' => 'leave',
    'kill' => 'kill',
    'wait' => 'waitForFile',
    'context' => 'readContext',
    'env' => 'readVariables',
    'log' => 'writeLines',
    'large' => 'large',
    'unwritable' => 'unwritable',
    'nothing' => 'nothing',
    'count' => 'counted',
];

function handler(mixed $event, array $context): mixed
{
    $action = is_object($event) ? ACTIONS[$event->action ?? ''] ?? null : null;
    return $action === null ? $event : $action($event, $context);
}

function fail(object $event): never
{
    throw new TypeError($event->message);
}

function leave(object $event): never
{
    exit($event->code);
}

function kill(): void
{
    posix_kill(getmypid(), SIGKILL);
}

function waitForFile(object $event): mixed
{
    while (!file_exists($event->path)) {
        clearstatcache();
        usleep(5_000);
    }
    return $event->value ?? null;
}

function readContext(object $event, array $context): array
{
    return [
        ...$context,
        'remainingMs' => $context['remainingMs'](),
        'functionName' => getenv('AWS_LAMBDA_FUNCTION_NAME'),
        'functionVersion' => getenv('AWS_LAMBDA_FUNCTION_VERSION'),
        'memoryMiB' => (int) getenv('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
    ];
}

function readVariables(object $event): object
{
    $value = fn (string $name): ?string => ($found = getenv($name)) === false ? null : $found;
    return (object) array_combine($event->names, array_map($value, $event->names));
}

function writeLines(object $event): void
{
    foreach ($event->lines as $line) fwrite(STDOUT, "$line\n");
    if (isset($event->code)) exit($event->code);
}

function large(object $event): string
{
    return str_repeat('x', $event->bytes - 2);
}

function unwritable(): float
{
    return NAN;
}

function nothing(): void
{
}

function counted(): int
{
    static $count = 0;
    return ++$count;
}
