using Library = BCrypt.Net.BCrypt;

namespace FitTrack.Core.Accounts;

public static partial class Bcrypt
{
    private static partial string HashText(string password, int cost) => Library.HashPassword(password, Library.GenerateSalt(cost, 'b'));

    private static partial bool VerifyText(string password, string hash) => Library.Verify(password, hash);
}
