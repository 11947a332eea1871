namespace Sallyport.Protocols.SocketIo;

internal enum HeartbeatStep
{
    None,
    Ping,
    TimedOut,
}
