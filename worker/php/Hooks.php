<?php

declare(strict_types=1);

namespace Pilotlight;

/** What the function wants to be called for, in the order in which it was registered; see functions.php. */
final class Hooks
{
    /** @var list<callable> */
    public static array $shutdown = [];
    /** @var list<callable> */
    public static array $beforeSnapshot = [];
    /** @var list<callable> */
    public static array $afterRestore = [];
}
