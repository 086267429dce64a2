<?php

declare(strict_types=1);

namespace Pilotlight;

/** What the worker reads from its standard input, once, as a line of JSON. */
final readonly class GoLine
{
    private function __construct(
        public string $socket,
        public string $token,
        public string $folder,
        public string $handler,
    ) {
    }

    /**
     * Parses the line that starts a worker.
     *
     * @throws HostError `Runtime.ProtocolMismatch`, `Runtime.WorkerStartFailed` when a field is missing or no string
     */
    public static function parse(string $line): self
    {
        $fields = json_decode($line, true);
        if (!is_array($fields)) {
            throw self::unusable('it is no object of JSON');
        }
        $protocol = $fields['protocol'] ?? null;
        if ($protocol !== Protocol::VERSION) {
            throw self::protocolMismatch($protocol);
        }
        if (($fields['kind'] ?? null) !== 'go') {
            throw self::unusable('its kind is ' . json_encode($fields['kind'] ?? null) . ', expected "go"');
        }
        foreach (['socket', 'token', 'folder', 'handler'] as $name) {
            if (!is_string($fields[$name] ?? null) || $fields[$name] === '') {
                throw self::unusable("it has no \"$name\"");
            }
        }
        return new self($fields['socket'], $fields['token'], $fields['folder'], $fields['handler']);
    }

    private static function protocolMismatch(mixed $theirs): HostError
    {
        $older = is_int($theirs) && $theirs > Protocol::VERSION ? 'host' : 'bootstrap';
        return new HostError(
            'Runtime.ProtocolMismatch',
            'Cannot serve: the bootstrap speaks worker protocol ' . json_encode($theirs) . ', this host '
            . Protocol::VERSION . "; update the runtime layer that brings the $older",
        );
    }

    private static function unusable(string $reason): HostError
    {
        return new HostError('Runtime.WorkerStartFailed', "Cannot start: the go line is not usable, $reason");
    }
}
