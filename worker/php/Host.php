<?php

declare(strict_types=1);

namespace Pilotlight;

use Pilotlight\Http\ScriptRunner;
use Pilotlight\Logging\Logger;
use Pilotlight\Logging\OutputCapture;
use Pilotlight\Logging\Warnings;
use Throwable;

/** The worker: load the function, listen, say so, serve. */
final class Host
{
    private const INIT_FAILED_STATUS = 1;
    private const KINDS = ['auto', 'handler', 'http'];

    private static self $host;

    private readonly Scope $scope;
    private ?ScriptRunner $scripts = null;
    private ?Server $server = null;
    private Routes $routes;

    private function __construct(private readonly Logger $logger, private readonly OutputCapture $output)
    {
        $this->scope = new Scope($logger, $output);
    }

    /**
     * Loads the function and listens; ends the process with an init error when that fails.
     *
     * @param resource $input the worker's standard input
     * @param string $line what was read from it
     */
    public static function start($input, string $line): void
    {
        $logger = new Logger();
        self::$host = new self($logger, new OutputCapture($logger));
        LastWords::offer($logger, self::$host);
        Warnings::take($logger);
        try {
            self::$host->load(GoLine::parse($line), $input);
        } catch (Throwable $error) {
            self::$host->failInit(ErrorDescription::of($error));
        }
    }

    /** Serves until a script is to run, which it returns. */
    public static function serve(): string
    {
        $host = self::$host;
        do {
            $script = $host->routes->handle($host->server->next());
        } while ($script === null);
        return $script;
    }

    /** To be called when that script has run, with what it threw. */
    public static function endScript(?Throwable $error): void
    {
        self::$host->scripts?->end($error);
    }

    /**
     * To be called at the end of the process: answers what can still be answered.
     *
     * @param array|null $fatal what ended it, if not the function's own `exit`
     */
    public function endByProcess(?array $fatal): void
    {
        if ($this->server === null && $fatal !== null) {
            Lines::initError($fatal);
        }
        $invocation = $this->scope->running;
        if ($invocation === null || $invocation->isAnswered) {
            $this->output->end();
        } elseif ($fatal !== null) {
            $this->scope->leave();
            $this->logger->logError('Invoke Error', $fatal);
            $invocation->fail($fatal, null, true);
        } elseif ($this->scripts !== null) {
            $this->scripts->endByExit();
        } else {
            $this->output->end();
        }
    }

    /** @param resource $input */
    private function load(GoLine $go, $input): void
    {
        $runner = self::kind() === 'http'
            ? $this->scripts = new ScriptRunner($go->folder, $go->handler, $this->scope)
            : new HandlerRunner(LoadHandler::from(HandlerPlace::find($go->folder, $go->handler)), $this->scope);
        $this->output->end();
        $lifecycle = new Lifecycle($this->logger, $this->output);
        $this->routes = new Routes($go->token, $runner, $lifecycle);
        $this->server = new Server($go->socket, $input);
        Lines::ready($lifecycle->hasShutdownHook());
    }

    private static function kind(): string
    {
        $kind = getenv('PILOTLIGHT_KIND') ?: 'auto';
        if (!in_array($kind, self::KINDS, true)) {
            $expected = implode(', ', self::KINDS);
            throw new HostError('Runtime.SettingInvalid', "Cannot use PILOTLIGHT_KIND=\"$kind\": PHP has $expected");
        }
        return $kind;
    }

    private function failInit(array $error): never
    {
        $this->output->end();
        $this->logger->logError('Init Error', $error);
        Lines::initError($error);
        LastWords::end(self::INIT_FAILED_STATUS);
    }
}
