namespace Sallyport.Protocols.SocketIo;

internal sealed class OutgoingQueue(int maxPackets, int maxCharacters)
{
    private List<EnginePacket> _packets = [];
    private int _characters;

    public bool IsEmpty => _packets.Count == 0;

    public bool TryAdd(EnginePacket packet)
    {
        if (_packets.Count >= maxPackets || packet.Data.Length > maxCharacters - _characters)
        {
            return false;
        }

        _packets.Add(packet);
        _characters += packet.Data.Length;
        return true;
    }

    public IReadOnlyList<EnginePacket> TakeAll()
    {
        var taken = _packets;
        _packets = [];
        _characters = 0;
        return taken;
    }
}
