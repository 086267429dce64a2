<?php

declare(strict_types=1);

namespace Pilotlight;

use Pilotlight\Logging\Logger;
use Pilotlight\Logging\OutputCapture;
use Throwable;

/** Calls the function's hooks at the turns of its life. */
final class Lifecycle
{
    public function __construct(private readonly Logger $logger, private readonly OutputCapture $output)
    {
    }

    /** Whether the function has something to run before its end. */
    public function hasShutdownHook(): bool
    {
        $hasHook = Hooks::$shutdown !== [];
        // A signal that reaches this process too then no longer ends it: the hooks come first.
        if ($hasHook && function_exists('pcntl_signal')) {
            pcntl_signal(SIGTERM, SIG_IGN);
        }
        return $hasHook;
    }

    /** Runs the hooks that a path of the worker protocol stands for, and answers. */
    public function run(string $path, Connection $connection): void
    {
        $hooks = match ($path) {
            // What was registered last stands on what was registered before.
            Protocol::SHUTDOWN_PATH => array_reverse(Hooks::$shutdown),
            Protocol::BEFORE_SNAPSHOT_PATH => array_reverse(Hooks::$beforeSnapshot),
            Protocol::AFTER_RESTORE_PATH => Hooks::$afterRestore,
            default => null,
        };
        if ($hooks === null) {
            $connection->answer(404, '', '');
            return;
        }
        if ($path === Protocol::AFTER_RESTORE_PATH) {
            // Else every copy would go on with the same numbers.
            mt_srand(random_int(PHP_INT_MIN, PHP_INT_MAX));
        }
        $error = $this->call($hooks);
        $isShutdown = $path === Protocol::SHUTDOWN_PATH;
        if ($error === null || $isShutdown) {
            $connection->answer(200, '', '');
        } else {
            $connection->answer(500, "content-type: application/json\r\n", Json::encode($error));
        }
        if ($isShutdown) {
            LastWords::end();
        }
    }

    /**
     * @param list<callable> $hooks
     *
     * @return array|null the first error of a hook; the others run all the same
     */
    private function call(array $hooks): ?array
    {
        $first = null;
        foreach ($hooks as $hook) {
            try {
                $hook();
            } catch (Throwable $error) {
                $described = ErrorDescription::of($error);
                $this->logger->logError('Hook Error', $described);
                $first ??= $described;
            }
        }
        $this->output->end();
        return $first;
    }
}
