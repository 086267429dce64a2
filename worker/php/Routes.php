<?php

declare(strict_types=1);

namespace Pilotlight;

/** Answers the bootstrap's requests. */
final class Routes
{
    public function __construct(
        private readonly string $token,
        private readonly Runner $runner,
        private readonly Lifecycle $lifecycle,
    ) {
    }

    /** Handles a request; returns the script to run where that is left to do. */
    public function handle(Connection $connection): ?string
    {
        if (!$connection->isProven) {
            $connection->isProven = hash_equals($this->token, $connection->headers[Protocol::TOKEN_HEADER] ?? '');
        }
        if (!$connection->isProven) {
            $connection->answer(403, '', '');
            return null;
        }
        $target = $connection->target;
        if ($connection->method !== 'POST') {
            $connection->answer(404, '', '');
        } elseif (str_starts_with($target, Protocol::INVOCATIONS_PATH) && $target !== Protocol::INVOCATIONS_PATH) {
            $id = substr($target, strlen(Protocol::INVOCATIONS_PATH));
            return $this->runner->run(new Invocation(rawurldecode($id), $id, $connection));
        } else {
            $this->lifecycle->run($target, $connection);
        }
        return null;
    }
}
