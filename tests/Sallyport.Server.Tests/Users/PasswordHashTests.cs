using System.Buffers.Binary;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Users;

namespace Sallyport.Server.Tests.Users;

public sealed class PasswordHashTests
{
    /// <summary>The format of ASP.NET Core Identity: a version, then the function and its rounds as 32-bit numbers.</summary>
    [Fact]
    public void A_password_is_hashed_with_210_000_rounds_of_HMAC_SHA512()
    {
        var services = new ServiceCollection();
        services.AddUsers();
        using var provider = services.BuildServiceProvider();

        var hash = Convert.FromBase64String(provider.GetRequiredService<PasswordHasher<User>>().HashPassword(new User { UserId = "auth0|a" }, "password"));

        hash[0].ShouldBe((byte)1);
        BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)).ShouldBe(2u);
        BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5)).ShouldBe(210_000u);
    }
}
