<?php

declare(strict_types=1);

namespace Pilotlight;

/** The worker's standard input, which is the bootstrap's and no function's. */
final class StandardInput
{
    /** @var resource kept open, or the next file would take its number */
    private static $empty;

    /**
     * Takes it for the protocol. Where PHP lets go of it, user code finds an empty one, as on Lambda.
     *
     * @return resource
     */
    public static function take()
    {
        $input = fopen('php://stdin', 'r');
        fclose(STDIN);
        self::$empty = fopen('/dev/null', 'r');
        return $input;
    }
}
