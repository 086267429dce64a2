<?php

declare(strict_types=1);

use Pilotlight\Context;

require __DIR__ . '/src/greet.php';

/** Greets by name: `{"name":"Ada"}`. */
return static function (array $event, Context $context): array {
    echo "{$context->functionName} was asked for a greeting\n";
    return greet($event['name'] ?? 'world');
};
