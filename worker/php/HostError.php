<?php

declare(strict_types=1);

namespace Pilotlight;

use RuntimeException;
use Throwable;

/** A failure that the host itself names; its type is a stable code and goes to the caller. */
final class HostError extends RuntimeException
{
    public function __construct(public readonly string $errorType, string $message, ?Throwable $previous = null)
    {
        parent::__construct($message, 0, $previous);
    }
}
