<?php

declare(strict_types=1);

namespace Pilotlight;

use Closure;
use ReflectionFunction;
use ReflectionIntersectionType;
use ReflectionNamedType;
use ReflectionType;
use ReflectionUnionType;

/** The function's handler. */
final readonly class Handler
{
    /** Whether it wants objects of JSON as objects, by the type of its first parameter; else they are arrays. */
    public bool $takesObjects;

    public function __construct(public Closure $call)
    {
        $parameter = (new ReflectionFunction($call))->getParameters()[0] ?? null;
        $this->takesObjects = self::namesObject($parameter?->getType());
    }

    private static function namesObject(?ReflectionType $type): bool
    {
        if ($type instanceof ReflectionNamedType) {
            return in_array(strtolower($type->getName()), ['object', 'stdclass'], true);
        }
        if ($type instanceof ReflectionUnionType || $type instanceof ReflectionIntersectionType) {
            return array_filter($type->getTypes(), self::namesObject(...)) !== [];
        }
        return false;
    }
}
