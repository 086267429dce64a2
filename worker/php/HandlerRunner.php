<?php

declare(strict_types=1);

namespace Pilotlight;

use Generator;
use Throwable;

/** Runs invocations by calling the function's handler. */
final class HandlerRunner implements Runner
{
    public function __construct(private readonly Handler $handler, private readonly Scope $scope)
    {
    }

    public function run(Invocation $invocation): ?string
    {
        try {
            $context = $this->scope->enter($invocation);
            $event = Json::readEvent($invocation->body(), $this->handler->takesObjects);
            $result = ($this->handler->call)($event, $context);
            if ($result instanceof Generator || $result instanceof StreamedResult) {
                Stream\SendStream::send($result, $invocation);
                $this->scope->leave();
                return null;
            }
            $json = Json::writeResult($result);
            $this->scope->leave();
            $invocation->succeed($json);
        } catch (Throwable $error) {
            $this->scope->fail($invocation, $error);
        }
        return null;
    }
}
