namespace Sallyport.Protocols.SocketIo;

/// <summary>
/// <paramref name="Id"/> alone speaks for the client, so it has to be unguessable. <paramref name="NewSocketId"/> makes the ids that
/// Engine.IO 4 tells per namespace; they are not secret and never equal it.
/// </summary>
public sealed record SocketSessionStart(string Id, EngineProtocol Protocol, SocketTransport Transport, Func<string> NewSocketId);
