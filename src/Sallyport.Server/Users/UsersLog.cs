namespace Sallyport.Server.Users;

/// <summary>Event ids 1800 to 1899.</summary>
internal static partial class UsersLog
{
    [LoggerMessage(1800, LogLevel.Warning, "Users that an older version has stored cannot all be searched yet; the next start tries again")]
    public static partial void NotFilled(ILogger logger, Exception exception);
}
