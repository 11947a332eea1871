using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;

namespace AspNetCoreSample;

/// <param name="Id">The user's id in Sallyport.</param>
internal sealed record User(string Id, string Email);

/// <summary>The application's users, with hashed passwords, in memory.</summary>
internal sealed class UserTable
{
    private readonly PasswordHasher<string> hasher = new();
    private readonly Dictionary<string, (User User, string Hash)> users = new(StringComparer.OrdinalIgnoreCase);
    private readonly string hashOfNobody;

    public UserTable() => hashOfNobody = hasher.HashPassword("", RandomNumberGenerator.GetHexString(32));

    public void Add(string email, string password, string id) => users[email] = (new User(id, email), hasher.HashPassword(email, password));

    /// <returns>Null if there is no such user or the password is wrong. Both take the same time.</returns>
    public User? Check(string email, string password)
    {
        var isKnown = users.TryGetValue(email, out var found);
        var result = hasher.VerifyHashedPassword(email, isKnown ? found.Hash : hashOfNobody, password);
        return isKnown && result != PasswordVerificationResult.Failed ? found.User : null;
    }
}
