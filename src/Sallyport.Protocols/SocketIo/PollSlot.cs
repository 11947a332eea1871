namespace Sallyport.Protocols.SocketIo;

/// <summary>The one request that a polling client keeps open.</summary>
internal sealed class PollSlot
{
    public bool IsOpen { get; private set; }

    /// <summary>A packet that goes out alone, whatever is queued.</summary>
    public EnginePacket? Answer { get; private set; }

    public bool IsWaiting => IsOpen && Answer is null;

    public void Open() => IsOpen = true;

    public void Release(EnginePacketType answer) => Answer = IsWaiting ? new EnginePacket(answer) : Answer;

    public void Close()
    {
        IsOpen = false;
        Answer = null;
    }
}
