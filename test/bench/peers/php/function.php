<?php
// The benchmark's handler: it reads request id and remaining time and sends the event back.

function handler(mixed $event, array $context): mixed
{
    if ($context['requestId'] === '' || $context['remainingMs']() <= 0) {
        throw new RuntimeException('Cannot read the context: no time remains');
    }
    if (getenv('BENCH_LOG') === '1') echo "handled {$context['requestId']}\n";
    return $event;
}
