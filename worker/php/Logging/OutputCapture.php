<?php

declare(strict_types=1);

namespace Pilotlight\Logging;

use ReflectionFunction;

/** Takes what the function prints: for log lines, which leave within the call, or for the answer to a request. */
final class OutputCapture
{
    private string $unfinished = '';
    /** What was printed as an answer; `null` while lines go to the log. */
    private ?string $answer = null;

    public function __construct(private readonly Logger $logger)
    {
        // Nobody can end it where loops that end all buffers do not see it.
        $isHidden = (new ReflectionFunction('ob_get_level'))->isUserDefined();
        ob_start($this->take(...), 1, $isHidden ? 0 : PHP_OUTPUT_HANDLER_STDFLAGS);
    }

    /** Keeps what is printed from now on. */
    public function beginAnswer(): void
    {
        $this->answer = '';
    }

    /** What was printed since then; what follows goes to the log. */
    public function endAnswer(): string
    {
        $this->endBuffers();
        $answer = (string) $this->answer;
        $this->answer = null;
        return $answer;
    }

    /** To be called when an invocation has ended: what it printed last need not end its line. */
    public function end(): void
    {
        $this->endBuffers();
        if ($this->unfinished !== '') {
            $this->logger->log('INFO', $this->unfinished);
            $this->unfinished = '';
        }
    }

    /** Those that the function began. */
    private function endBuffers(): void
    {
        while (count(ob_list_handlers()) > 1) {
            ob_end_flush();
        }
    }

    private function take(string $printed): string
    {
        if ($this->answer !== null) {
            $this->answer .= $printed;
            return '';
        }
        $lines = explode("\n", $this->unfinished . $printed);
        $this->unfinished = (string) array_pop($lines);
        foreach ($lines as $line) {
            $this->logger->log('INFO', $line);
        }
        return '';
    }
}
