namespace Sallyport.Server.Users;

/// <summary>Event ids 1600 to 1699.</summary>
internal static partial class UsersLog
{
    [LoggerMessage(1600, LogLevel.Warning, "Users that an older version has stored cannot all be searched yet; the next start tries again")]
    public static partial void NotFilled(ILogger logger, Exception exception);
}
