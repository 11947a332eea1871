namespace Sallyport.Server.Http;

/// <summary>
/// Administrators are users, so that passwords and factors are checked in one place. The Management API neither shows nor changes them: a client
/// that manages users must not be able to give itself access to the dashboard (ADR 19).
/// </summary>
internal static class AdministratorUsers
{
    /// <summary>The provider in their ids. No other user can get it.</summary>
    public const string IdPrefix = "sallyport|";

    /// <summary>The connection of their rows. There is no such connection, and none can be created with this name, because of the space.</summary>
    public const string Connection = "Sallyport administrators";

    public static bool Contains(string userId) => userId.StartsWith(IdPrefix, StringComparison.Ordinal);
}
