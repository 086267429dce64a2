// The least that one Node process can do: each event's bytes go back as they came, nothing is parsed but what frames
// them. One connection, one write for each answer.
import { serve } from './runtime-api.mjs';

const answer = serve((requestId, event) => answer(requestId, event));
