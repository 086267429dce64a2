<?php

/* What a function may call of its runtime. */

declare(strict_types=1);

namespace Pilotlight;

/** Registers what is to run before the function's end; the last registered is called first. */
function onShutdown(callable $hook): void
{
    Hooks::$shutdown[] = $hook;
}

/** Registers what is to run before a snapshot is taken; the last registered is called first. */
function beforeSnapshot(callable $hook): void
{
    Hooks::$beforeSnapshot[] = $hook;
}

/** Registers what is to run in each copy of a snapshot; the first registered is called first. */
function afterRestore(callable $hook): void
{
    Hooks::$afterRestore[] = $hook;
}

/**
 * Writes to the log.
 *
 * @param string $level `TRACE`, `DEBUG`, `INFO`, `WARN`, `ERROR` or `FATAL`, or a name of PSR-3, in any case
 * @param mixed $message text, or what the log format JSON shows as it is
 */
function log(string $level, mixed $message): void
{
    Logging\Logger::$current->log(strtoupper($level), $message);
}
