/* What stands over a page and is asked for by requests that wait: each question is answered or given up,
 * at the latest when the page goes. */
import { useEffect, useRef, useState } from 'react';
import type { Ask } from '../api/client';

interface Waiter {
  done(): void;
  giveUp(error: Error): void;
}

export interface Asked {
  asking: boolean;
  answer(): void;
  giveUp(): void;
}

/* offer, refusal: the same for the life of the dialog. */
export function useAsked(offer: (ask: Ask | null) => void, refusal: () => Error): Asked {
  const [asking, setAsking] = useState(false);
  const waiter = useRef<Waiter | null>(null);

  function end(settle: (one: Waiter) => void) {
    setAsking(false);
    if (waiter.current !== null) {
      settle(waiter.current);
    }
    waiter.current = null;
  }

  useEffect(() => {
    offer(() => new Promise<void>((done, giveUp) => {
      waiter.current = { done, giveUp };
      setAsking(true);
    }));
    return () => {
      offer(null);
      waiter.current?.giveUp(refusal());
      waiter.current = null;
    };
  }, [offer, refusal]);

  return { asking, answer: () => end((one) => one.done()), giveUp: () => end((one) => one.giveUp(refusal())) };
}
