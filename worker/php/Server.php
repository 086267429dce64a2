<?php

declare(strict_types=1);

namespace Pilotlight;

/**
 * The server on the worker's socket. No time limits: the bootstrap keeps its connections for the worker's life, and an
 * environment may be frozen for hours between two requests.
 */
final class Server
{
    private const INPUT = 'input';
    private const LISTENER = 'listener';
    /** Only the owner may connect. */
    private const PRIVATE_UMASK = 0o177;

    /** @var array<int|string, resource> what may have something to read */
    private array $watched;
    /** @var array<int, Connection> by the number of their stream */
    private array $connections = [];
    private ?Connection $served = null;

    /**
     * Listens.
     *
     * @param resource $input the worker's standard input, whose end means that the bootstrap is gone
     *
     * @throws HostError `Runtime.WorkerStartFailed` when the socket cannot be made
     */
    public function __construct(string $socketPath, $input)
    {
        if (file_exists($socketPath)) {
            unlink($socketPath);
        }
        $umask = umask(self::PRIVATE_UMASK);
        $listener = @stream_socket_server("unix://$socketPath", $_, $reason);
        umask($umask);
        if ($listener === false) {
            throw new HostError('Runtime.WorkerStartFailed', "Cannot listen on \"$socketPath\": $reason");
        }
        stream_set_blocking($input, false);
        $this->watched = [self::INPUT => $input, self::LISTENER => $listener];
    }

    /** Waits for a request; returns the connection that has it, whole. */
    public function next(): Connection
    {
        if ($this->served?->hasNext() === true) {
            return $this->served;
        }
        while (true) {
            $readable = $this->watched;
            $none = null;
            stream_select($readable, $none, $none, null);
            foreach ($readable as $key => $stream) {
                if ($key === self::INPUT) {
                    $this->readInput($stream);
                } elseif ($key === self::LISTENER) {
                    $this->accept($stream);
                } elseif ($this->receives($key)) {
                    return $this->served = $this->connections[$key];
                }
            }
        }
    }

    private function receives(int $key): bool
    {
        $isWhole = $this->connections[$key]->receive();
        if ($isWhole === null) {
            fclose($this->watched[$key]);
            unset($this->connections[$key], $this->watched[$key]);
            $this->served = null;
        }
        return $isWhole === true;
    }

    /** @param resource $input */
    private function readInput($input): void
    {
        if (fread($input, 1024) === '' && feof($input)) {
            LastWords::end();
        }
    }

    /** @param resource $listener */
    private function accept($listener): void
    {
        $stream = stream_socket_accept($listener, 0);
        if ($stream === false) {
            return;
        }
        stream_set_blocking($stream, false);
        stream_set_read_buffer($stream, 0);
        $this->watched[(int) $stream] = $stream;
        $this->connections[(int) $stream] = new Connection($stream);
    }
}
