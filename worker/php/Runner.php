<?php

declare(strict_types=1);

namespace Pilotlight;

/** Runs invocations. */
interface Runner
{
    /** Runs one and answers it; or returns the script whose end will answer it. */
    public function run(Invocation $invocation): ?string;
}
