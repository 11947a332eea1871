namespace Sallyport.Server.Users;

/// <summary>Event ids 2000 to 2099.</summary>
internal static partial class UsersLog
{
    [LoggerMessage(2000, LogLevel.Warning, "Users that an older version has stored cannot all be searched yet; the next start tries again")]
    public static partial void NotFilled(ILogger logger, Exception exception);
}
