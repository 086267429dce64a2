<?php

declare(strict_types=1);

namespace Pilotlight;

/** A handler's second argument: what Lambda knows of the invocation and of the function. */
final class Context
{
    public function __construct(
        public readonly string $awsRequestId,
        public readonly ?string $invokedFunctionArn,
        /** A time in milliseconds since 1970. */
        public readonly int $deadlineMs,
        public readonly mixed $clientContext,
        public readonly mixed $identity,
        public readonly ?string $tenantId,
        public readonly ?string $xRayTraceId,
        public readonly ?string $functionName,
        public readonly ?string $functionVersion,
        /** A string, as on Lambda. */
        public readonly ?string $memoryLimitInMB,
        public readonly ?string $logGroupName,
        public readonly ?string $logStreamName,
    ) {
    }

    /** The time that is left for this invocation, in milliseconds. */
    public function getRemainingTimeInMillis(): int
    {
        // By the wall clock: whether the monotonic one runs on while an environment is frozen is not certain.
        return $this->deadlineMs - (int) (microtime(true) * 1000);
    }
}
