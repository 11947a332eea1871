namespace Sallyport.Server.Security;

/// <summary>Event ids 1100 to 1199.</summary>
internal static partial class SecurityLog
{
    [LoggerMessage(1100, LogLevel.Warning, "The key ring could not be read again; the keys in memory stay in use")]
    public static partial void KeyRingNotRead(ILogger logger, Exception exception);

    [LoggerMessage(1101, LogLevel.Warning,
        "The key ring is sealed with a key file in the data directory. Set Sallyport:Keys:Master and keep it apart from the data")]
    public static partial void MasterKeyFromFile(ILogger logger);
}
