<?php

declare(strict_types=1);

namespace Pilotlight;

use Pilotlight\Logging\Logger;
use Pilotlight\Logging\OutputCapture;
use Throwable;

/** What an invocation changes in the process while it runs, and how its failure is told. */
final class Scope
{
    /** The invocation that runs, for what ends the process meanwhile. */
    public ?Invocation $running = null;
    private readonly ContextMaker $contexts;
    private ?string $traceId = null;

    public function __construct(private readonly Logger $logger, public readonly OutputCapture $output)
    {
        $this->contexts = new ContextMaker();
        // The platform's own may be that of the start.
        $this->setTraceId(null);
    }

    /**
     * Begins an invocation.
     *
     * @throws HostError as of `ContextMaker`
     */
    public function enter(Invocation $invocation): Context
    {
        $this->running = $invocation;
        $headers = $invocation->headers();
        $this->logger->enter($invocation->requestId, $headers[Protocol::TENANT_ID_HEADER] ?? null);
        $traceId = $headers[Protocol::TRACE_ID_HEADER] ?? null;
        if ($traceId !== $this->traceId) {
            $this->setTraceId($traceId);
        }
        return $this->contexts->make($invocation->requestId, $headers);
    }

    /** Ends it before it is answered: what it wrote is in the log by then. */
    public function leave(): void
    {
        $this->output->end();
        $this->running = null;
    }

    /** Ends it with an error: the log, the caller and, where the trace is recorded, X-Ray are told. */
    public function fail(Invocation $invocation, Throwable $error): void
    {
        $this->leave();
        $described = ErrorDescription::of($error);
        $this->logger->logError('Invoke Error', $described);
        $isSampled = str_contains($invocation->headers()[Protocol::TRACE_ID_HEADER] ?? '', 'Sampled=1');
        $invocation->fail($described, $isSampled ? ErrorCause::of($error) : null, false);
    }

    private function setTraceId(?string $traceId): void
    {
        $this->traceId = $traceId;
        if ($traceId === null) {
            putenv('_X_AMZN_TRACE_ID');
            unset($_SERVER['_X_AMZN_TRACE_ID'], $_ENV['_X_AMZN_TRACE_ID']);
            return;
        }
        putenv("_X_AMZN_TRACE_ID=$traceId");
        $_SERVER['_X_AMZN_TRACE_ID'] = $_ENV['_X_AMZN_TRACE_ID'] = $traceId;
    }
}
