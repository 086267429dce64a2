<?php

declare(strict_types=1);

use Pilotlight\Context;

/** Sends the event back, having read what handlers read. */
return static function (array $event, Context $context): array {
    if ($context->awsRequestId === '' || $context->getRemainingTimeInMillis() <= 0) {
        throw new RuntimeException('No context');
    }
    return $event;
};
