import { fetchTrustList } from '@/api/client';
import { useLoad } from './useLoad';

const shared = useLoad(fetchTrustList);

/** The current trust list, one copy for all pages; `load` asks the platform anew. */
export function useTrustList() {
  return shared;
}
