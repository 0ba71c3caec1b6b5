using System.Xml.Linq;
using FitTrack.Core.Data;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FitTrack.Core.Security;

/// <summary>Keeps the key ring in <c>data_protection_keys</c>. DataProtection's own interface is synchronous; it caches what it reads for a day.</summary>
internal sealed class DatabaseKeyRing(IServiceScopeFactory scopes, TimeProvider clock) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
        return [.. db.Set<DataProtectionKey>().AsNoTracking().OrderBy(k => k.CreatedAt).Select(k => k.Xml).AsEnumerable().Select(xml => XElement.Parse(xml))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
        db.Add(DataProtectionKey.Create(friendlyName, element.ToString(SaveOptions.DisableFormatting), clock.Now()));
        db.SaveChanges();
    }
}
