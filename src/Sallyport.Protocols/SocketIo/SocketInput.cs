using System.Text.Json;

namespace Sallyport.Protocols.SocketIo;

/// <summary>What the application hears from a session; <see cref="SocketInputKind.Closed"/> comes always and last.</summary>
public sealed record SocketInput(SocketInputKind Kind, string Namespace)
{
    /// <summary>Of an event; empty otherwise.</summary>
    public string Name { get; init; } = "";

    public IReadOnlyList<JsonElement> Arguments { get; init; } = [];

    /// <summary>Set if the client waits for <see cref="SocketSession.Acknowledge"/>.</summary>
    public long? AckId { get; init; }

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

    /// <summary>Without the arguments, which may hold a transaction token.</summary>
    public override string ToString() => $"{Kind} {Namespace} {Name}";
}
