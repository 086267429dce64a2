<?php

declare(strict_types=1);

/** The one thing this function knows. */
function greet(string $name): array
{
    return ['greeting' => "Hello, $name"];
}
