namespace Sallyport.Server.Jobs;

/// <summary>Event ids 2300 to 2399.</summary>
internal static partial class JobsLog
{
    [LoggerMessage(2300, LogLevel.Error, "A job could not go on; it is tried again in a while")]
    public static partial void NotDone(ILogger logger, Exception exception);
}
