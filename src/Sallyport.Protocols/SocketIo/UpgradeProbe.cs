namespace Sallyport.Protocols.SocketIo;

/// <summary>A websocket that a polling client tries out beside its polls.</summary>
internal sealed class UpgradeProbe(int webSocket, DateTimeOffset deadline)
{
    public const string Word = "probe";

    /// <summary>
    /// A client that has not seen the answer to its probe polls again at once. The pause keeps that from becoming a busy loop, and
    /// is short beside the time that the upgrade takes anyway.
    /// </summary>
    private static readonly TimeSpan ReleasePause = TimeSpan.FromMilliseconds(100);

    private bool _answerIsUnsent;

    public int WebSocket { get; } = webSocket;

    public DateTimeOffset Deadline { get; } = deadline;

    /// <summary>When an open poll is let go, so that the client can finish with polling; none before the probe was answered.</summary>
    public DateTimeOffset? ReleasePollAt { get; private set; }

    public bool IsAnswered => ReleasePollAt is not null;

    public void Answer(DateTimeOffset now)
    {
        _answerIsUnsent = true;
        ReleasePollAt = now;
    }

    public void PollReleased(DateTimeOffset now) => ReleasePollAt = now + ReleasePause;

    public bool TakeAnswer()
    {
        var unsent = _answerIsUnsent;
        _answerIsUnsent = false;
        return unsent;
    }
}
