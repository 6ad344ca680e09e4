export type Receive = (message: string) => void;

/** Who wants to hear of what. */
export function createTopics() {
  const topics = new Map<string, Set<Receive>>();

  return {
    /** @returns how to end the subscription */
    subscribe(topic: string, receive: Receive): () => void {
      const receivers = topics.get(topic) ?? new Set();
      topics.set(topic, receivers.add(receive));
      return () => {
        receivers.delete(receive);
        if (receivers.size === 0 && topics.get(topic) === receivers) topics.delete(topic);
      };
    },
    /** @returns to how many it was delivered */
    publish(topic: string, message: string): number {
      const receivers = topics.get(topic);
      for (const receive of receivers ?? []) receive(message);
      return receivers?.size ?? 0;
    },
    get size() {
      return topics.size;
    },
  };
}

export type Topics = ReturnType<typeof createTopics>;
