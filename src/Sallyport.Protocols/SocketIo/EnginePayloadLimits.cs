namespace Sallyport.Protocols.SocketIo;

public readonly record struct EnginePayloadLimits(int MaxBytes, int MaxPackets);
