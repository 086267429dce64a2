<?php

declare(strict_types=1);

namespace Pilotlight;

/** Reads a body that comes in chunks, however it is cut on its way. */
final class ChunkedBody
{
    public string $body = '';

    private string $unread = '';
    /** Bytes of the chunk that are still to come, its line end among them; `null` before its size. */
    private ?int $left = null;
    private bool $isInTrailers = false;

    /**
     * Takes what came next.
     *
     * @return string|null what stands behind the body; `null` when it is not whole yet
     */
    public function feed(string $part): ?string
    {
        $this->unread .= $part;
        while (!$this->isInTrailers) {
            if ($this->left === null && !$this->readSize()) {
                return null;
            }
            if (!$this->isInTrailers && !$this->readChunk()) {
                return null;
            }
        }
        // An empty line ends the trailers, which nobody sends with an event.
        while (($end = strpos($this->unread, "\r\n")) !== false) {
            $this->unread = substr($this->unread, $end + 2);
            if ($end === 0) {
                return $this->unread;
            }
        }
        return null;
    }

    private function readSize(): bool
    {
        $end = strpos($this->unread, "\r\n");
        if ($end === false) {
            return false;
        }
        $size = (int) hexdec(strstr(substr($this->unread, 0, $end) . ';', ';', true));
        $this->unread = substr($this->unread, $end + 2);
        $this->isInTrailers = $size === 0;
        $this->left = $size + 2;
        return true;
    }

    private function readChunk(): bool
    {
        if (strlen($this->unread) < $this->left) {
            return false;
        }
        $this->body .= substr($this->unread, 0, $this->left - 2);
        $this->unread = substr($this->unread, $this->left);
        $this->left = null;
        return true;
    }
}
