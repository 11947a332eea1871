using Sallyport.Server.Realtime;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tests.Realtime;

public sealed class ChangeNotificationTests
{
    [Theory]
    [InlineData("auth0|5f7c8ec7c33c6c004bbafe82")]
    [InlineData("auth0|\"quoted\" [and] 'more'")]
    [InlineData("auth0|Grüße✓")]
    public void A_notification_survives_a_round_trip(string userId)
    {
        var notification = new ChangeNotification("0123456789abcdef", new UserKey(TenantId.Default, userId));

        ChangeNotification.Read(notification.Write()).ShouldBe(notification);
    }

    /// <summary>PostgreSQL refuses a payload of 8,000 bytes and fails the transaction.</summary>
    [Fact]
    public void The_longest_user_id_fits_into_a_notification()
    {
        var longest = new UserKey(TenantId.Default, "auth0|" + new string('ü', 255));

        new ChangeNotification("0123456789abcdef", longest).Write().Length.ShouldBeLessThan(4000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[\"a\",\"b\"]")]
    [InlineData("[\"a\",\"b\",null]")]
    [InlineData("[\"a\",\"b\",1]")]
    [InlineData("[\"a\",\"b\",\"c\",\"d\"]")]
    public void An_invalid_payload_is_ignored(string payload) => ChangeNotification.Read(payload).ShouldBeNull();
}
