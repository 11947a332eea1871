using System.Text.Json;

namespace Sallyport.Protocols.SocketIo;

/// <summary>Something that happened in a session. <see cref="SocketInputKind.Closed"/> is always the last input.</summary>
public sealed record SocketInput(SocketInputKind Kind, string Namespace)
{
    /// <summary>The name of an event; empty for other inputs.</summary>
    public string Name { get; init; } = "";

    /// <summary>The arguments of an event, after its name.</summary>
    public IReadOnlyList<JsonElement> Arguments { get; init; } = [];

    /// <summary>Set when the client expects <see cref="SocketSession.Acknowledge"/>.</summary>
    public long? AckId { get; init; }

    /// <summary>Set for <see cref="SocketInputKind.Closed"/>.</summary>
    public SocketCloseReason? CloseReason { get; init; }

    internal static SocketInput Event(SocketPacket packet)
    {
        var data = packet.Data!.Value;
        return new SocketInput(SocketInputKind.Event, packet.Namespace)
        {
            Name = data[0].GetString()!,
            Arguments = [.. data.EnumerateArray().Skip(1)],
            AckId = packet.AckId,
        };
    }

    /// <summary>Omits the arguments, which may contain a transaction token.</summary>
    public override string ToString() => $"{Kind} {Namespace} {Name}";
}

/// <summary>The client joined a namespace, sent an event, left a namespace, or the session ended.</summary>
public enum SocketInputKind
{
    Joined,
    Event,
    Left,
    Closed,
}
